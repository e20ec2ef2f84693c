/** 'Runs in the last five overs' of 'runsInTheLastFiveOvers'. */
export function titleOf(name: string): string {
  const title = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return title.charAt(0).toUpperCase() + title.slice(1);
}
