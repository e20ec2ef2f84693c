type Ends = readonly [number, number];

/** Maps an axis to pixels: its ends to the ends of the pixels; every value to the middle if its ends are the same. */
export function scale([from, to]: Ends, [start, end]: Ends): (value: number) => number {
  return (value) => start + (to === from ? 0.5 : (value - from) / (to - from)) * (end - start);
}
