import type { ReactNode } from 'react';
import { formatBytes, type RawFileView } from '../../../src/client/index.ts';
import { Digest, useLimit } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';

const shownFirst = 8;

/** The end of the trace: the files as fetched, before any parsing. */
export function RawFiles({ files }: { readonly files: readonly RawFileView[] }): ReactNode {
  const [limit, more] = useLimit(files.length, shownFirst);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <li>
      <div className="card">
        <header>
          <h2>The raw files</h2>
          <span className="aside faint">
            {counted(files.length, 'file')}, {formatBytes(total)}
          </span>
        </header>
        <ScrollArea label="Raw files">
          <table className="folding">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">From</th>
                <th scope="col">Fetched</th>
                <th scope="col" className="n">
                  Size
                </th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
              {files.slice(0, limit).map((file) => (
                <FileRow key={`${file.source}/${file.name}`} file={file} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
        {more}
      </div>
    </li>
  );
}

function FileRow({ file }: { readonly file: RawFileView }): ReactNode {
  return (
    <tr>
      <th scope="row">{file.name}</th>
      <td className="from" title={file.etag === null ? file.from : `${file.from}\nETag ${file.etag}`}>
        {/^https?:/.test(file.from) ? (
          <a href={file.from} rel="noreferrer">
            {file.from}
          </a>
        ) : (
          file.from
        )}
      </td>
      <td>
        <Ago at={file.fetchedAt} />
      </td>
      <td className="n">{formatBytes(file.size)}</td>
      <td className="tail">
        <Digest of={file.digest} what={`the digest of ${file.name}`} />
      </td>
    </tr>
  );
}
