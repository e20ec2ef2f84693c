import { type RefObject, useEffect, useState } from 'react';

export interface Window {
  readonly first: number;
  /** After the last row. */
  readonly end: number;
}

/** The rows of a list that are on the screen, and some around them. */
export function windowOf(
  { top, height }: { readonly top: number; readonly height: number },
  rowHeight: number,
  count: number,
): Window {
  const around = 10;
  const visible = Math.ceil(height / rowHeight) + 2 * around;
  const first = Math.max(0, Math.min(Math.floor(-top / rowHeight) - around, count - visible));
  return { first, end: Math.min(count, first + visible) };
}

/** Follows the scroll position of the page. @param list starts where the first row is */
export function useWindow(list: RefObject<HTMLElement | null>, count: number, rowHeight: number): Window {
  const [rows, setShown] = useState<Window>(() => windowOf({ top: 0, height: 900 }, rowHeight, count));
  useEffect(() => {
    const update = (): void => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const next = windowOf({ top, height: innerHeight }, rowHeight, count);
      setShown((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    update();
    addEventListener('scroll', update, { passive: true });
    addEventListener('resize', update);
    return () => {
      removeEventListener('scroll', update);
      removeEventListener('resize', update);
    };
  }, [list, count, rowHeight]);
  return { first: Math.min(rows.first, count), end: Math.min(rows.end, count) };
}
