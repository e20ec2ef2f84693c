import { type RefObject, useEffect, useState } from 'react';
import type { TaskView } from '../../../src/client/index.ts';
import type { GraphLayout } from './layout.ts';

const narrow = 700;

/** The layout of the graph for the available width; undefined until computed. Loads dagre on demand. */
export function useLayout(
  tasks: readonly TaskView[],
  frame: RefObject<HTMLElement | null>,
): GraphLayout | undefined {
  const width = useWidth(frame);
  const [layout, setLayout] = useState<GraphLayout>();
  // State changes many times a second during a run; the shape of the graph does not.
  const shape = JSON.stringify(tasks.map(({ task, needs }) => [task, needs]));
  useEffect(() => {
    let left = false;
    const nodes = (JSON.parse(shape) as [string, string[]][]).map(([id, needs]) => ({ id, needs }));
    if (width > 0) {
      void import('./layout.ts').then(({ layoutGraph }) => {
        if (!left) setLayout(layoutGraph(nodes, { width, direction: width < narrow ? 'down' : 'right' }));
      });
    }
    return () => {
      left = true;
    };
  }, [shape, width]);
  return layout;
}

function useWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
