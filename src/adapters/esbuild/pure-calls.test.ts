import { expect, test } from 'vitest';
import { markPureCalls } from './pure-calls.ts';

const imports = 'import { z } from "zod";\nimport { model, table as rows } from "modelyard";\n';
const marked = (code: string): string =>
  markPureCalls(imports + code)
    .slice(imports.length)
    .replaceAll('/* @__PURE__ */ ', '¤');

test.each([
  [
    'const A = z.object({ a: z.string().min(1), b: [z.int()] });',
    'const A = ¤z.object({ a: ¤z.string().min(1), b: [¤z.int()] });',
  ],
  ['export default model("x", rows(A));', 'export default ¤model("x", ¤rows(A));'],
  ['const t = `${z.string()} z.int()`;', 'const t = `${¤z.string()} z.int()`;'],
  [
    'const f = () => {\n  z.config();\n  z.a();\n};\nconst B = z.b();',
    'const f = () => {\n  z.config();\n  z.a();\n};\nconst B = ¤z.b();',
  ],
  ['const f = (model) => model.update(1), B = z.b();', 'const f = (model) => model.update(1), B = ¤z.b();'],
  ['function f(model) {\n  model.update(1);\n}', 'function f(model) {\n  model.update(1);\n}'],
  ['class A {\n  static s = z.string();\n}', 'class A {\n  static s = z.string();\n}'],
  ['const o = { f() {\n  z.a();\n}, g: z.b() };', 'const o = { f() {\n  z.a();\n}, g: ¤z.b() };'],
  ['z.config();', 'z.config();'],
  ['const a = b.z.string(), c = "z.string()", d = z;', 'const a = b.z.string(), c = "z.string()", d = z;'],
])('marks %j', (code, expected) => {
  expect(marked(code)).toBe(expected);
});

test('a name that comes from elsewhere is not marked', () => {
  const code = 'import { z } from "./own.js";\nconst A = z.string();';
  expect(markPureCalls(code)).toBe(code);
});
