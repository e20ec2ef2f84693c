import type { ReactNode } from 'react';

const usuallyMost = 3;

interface AliasTagsProps {
  /** The version number of each alias. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The version number of each stage. */
  readonly stages?: Readonly<Record<string, number>>;
  /** How many there is space for. @default 3 */
  readonly most?: number;
}

/** '@prod v3', 'Staging v4'; of many only the first, the others on hover. */
export function AliasTags({ aliases, stages = {}, most = usuallyMost }: AliasTagsProps): ReactNode {
  const texts = [
    ...Object.entries(aliases).map(([alias, version]) => ['accent', `@${alias} v${version}`] as const),
    ...Object.entries(stages).map(([stage, version]) => ['', `${stage} v${version}`] as const),
  ];
  if (texts.length === 0) return <span className="faint">–</span>;
  const rest = texts.slice(most);
  return (
    <span className="tags">
      {texts.slice(0, most).map(([look, text]) => (
        <span key={text} className={`tag ${look}`} title={text}>
          {text}
        </span>
      ))}
      {rest.length > 0 && (
        <span className="tag" title={rest.map(([, text]) => text).join(', ')}>
          {rest.length} more
        </span>
      )}
    </span>
  );
}
