import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { formatBytes } from '../../../src/client/index.ts';
import { artifactsQuery } from '../queries.ts';
import { Card, ErrorNote } from '../shell/parts.tsx';
import { asErrorBody } from '../shell/error-body.ts';

/** The files of a run, folder by folder, to be downloaded. */
export function RecordArtifacts({ run }: { readonly run: string }): ReactNode {
  const [path, setPath] = useState('');
  const { data: files, error } = useQuery(artifactsQuery(run, path));
  if (error) return <ErrorNote error={asErrorBody(error)} title="The artifacts cannot be listed." />;
  if (!files || (files.length === 0 && path === '')) return null;
  const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return (
    <Card title="Artifacts" aside={path !== '' && <code>{path}</code>}>
      <ul className="artifacts">
        {path !== '' && (
          <li>
            <button type="button" className="quiet" onClick={() => setPath(above)}>
              ↑ Back
            </button>
          </li>
        )}
        {files.map((file) => (
          <li key={file.path}>
            {file.is_dir ? (
              <button type="button" className="quiet" onClick={() => setPath(file.path)}>
                {lastPart(file.path)}/
              </button>
            ) : (
              <>
                <a href={downloadOf(run, file.path)} download>
                  {lastPart(file.path)}
                </a>
                <span className="faint">{formatBytes(Number(file.file_size ?? 0))}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function downloadOf(run: string, path: string): string {
  return `/get-artifact?${new URLSearchParams({ run_uuid: run, path }).toString()}`;
}
