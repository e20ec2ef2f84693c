import { type ReactNode, useEffect, useRef, useState } from 'react';

interface ScrollAreaProps {
  /** What is in it, for screen readers. */
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Something wide, such as a table. Only while it does not fit, Tab reaches it, so that the arrow keys scroll it. */
export function ScrollArea({ label, className = '', children }: ScrollAreaProps): ReactNode {
  const area = useRef<HTMLElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const measure = (): void =>
      setScrolls(
        element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1,
      );
    const sizes = new ResizeObserver(measure);
    const observeAll = (): void => {
      sizes.disconnect();
      for (const each of [element, ...element.children]) sizes.observe(each);
    };
    const replaced = new MutationObserver(observeAll);
    replaced.observe(element, { childList: true });
    observeAll();
    return () => {
      sizes.disconnect();
      replaced.disconnect();
    };
  }, []);
  return (
    <section
      ref={area}
      className={`scroll ${className}`.trim()}
      {...(scrolls && { 'aria-label': label, tabIndex: 0 })}
    >
      {children}
    </section>
  );
}
