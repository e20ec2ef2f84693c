import { expect, test } from 'vitest';
import { bodyFault } from './body-check.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

test.each([
  ['/t20s.zip', 'application/zip', text('PK\u0003\u0004…'), undefined],
  ['/t20s.zip', 'application/zip', text('<!DOCTYPE html><title>Sorry'), 'an HTML page'],
  ['/t20s.zip', 'application/json', text('{"error":"limit"}'), 'not a zip archive'],
  ['/t20s.zip', null, text(''), 'an empty body'],
  ['/m.tar.gz', null, Uint8Array.of(0x1f, 0x8b, 8), undefined],
  ['/m.TGZ', null, text('no'), 'not a gzip archive'],
  ['/m.tar.xz', null, Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), undefined],
  ['/1.json', 'text/html; charset=utf-8', text('{}'), 'an HTML page'],
  ['/1.json', 'text/plain', text('\ufeff\n [1]'), undefined],
  ['/1.json', 'text/plain', text('Too many requests'), 'not JSON'],
  ['/bars.csv', 'text/csv', text('date,close\n'), undefined],
  ['/bars.csv', 'text/plain', text('\n <!-- x -->\n<html lang="en">'), 'an HTML page'],
  ['/q/d/l/', 'text/html', text('a,b'), 'an HTML page'],
  ['/table.html', 'text/html', text('<html>'), undefined],
])('%s of type %s', (...[pathname, type, head, fault]) => {
  expect(bodyFault(pathname, type, head)).toBe(fault);
});
