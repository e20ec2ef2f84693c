/** The runs of adjacent points that a line may join: the indexes of each, those of single points left out. */
export function joinedPoints<Point>(
  points: readonly Point[],
  isJoined: (before: Point, point: Point) => boolean,
): readonly (readonly number[])[] {
  const lines: number[][] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    const line = lines.at(-1);
    if (line && before !== undefined && isJoined(before, point)) line.push(index);
    else lines.push([index]);
  }
  return lines.filter(({ length }) => length > 1);
}
