import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { JsonObject } from '../../../src/client/index.ts';
import { Copy } from '../shell/parts.tsx';
import { codeSamples } from './code-samples.ts';
import { ScrollArea } from '../shell/scroll-area.tsx';

interface AskFromCodeProps {
  readonly endpoint: string;
  readonly request: JsonObject;
}

/** The present request in three languages, on tabs. */
export function AskFromCode({ endpoint, request }: AskFromCodeProps): ReactNode {
  const id = useId();
  const tabs = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(0);
  const samples = codeSamples({ origin: window.location.origin, endpoint, request });
  const sample = samples[chosen];
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = (chosen + step + samples.length) % samples.length;
    setChosen(next);
    tabs.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <section className="card code">
      <header>
        <h2>Ask from code</h2>
        <div className="aside">
          <div className="tabs" role="tablist" aria-label="Language" ref={tabs}>
            {samples.map(({ language }, index) => (
              <button
                key={language}
                type="button"
                role="tab"
                id={`${id}-tab-${index}`}
                aria-selected={index === chosen}
                aria-controls={`${id}-panel`}
                tabIndex={index === chosen ? 0 : -1}
                onClick={() => setChosen(index)}
                onKeyDown={move}
              >
                {language}
              </button>
            ))}
          </div>
          {sample && <Copy text={sample.text} what={`the ${sample.language} code`} />}
        </div>
      </header>
      {sample && (
        <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${chosen}`}>
          <ScrollArea label={`The ${sample.language} code`} className="asked-code">
            <pre>{sample.text}</pre>
          </ScrollArea>
        </div>
      )}
    </section>
  );
}
