import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function isCommon(file: string): boolean {
  if (file.includes('node_modules')) return !file.includes('@dagrejs');
  return /src\/(client|kernel|api|text|shell|queries|charts\/scale|tracking\/(columns|mlflow-links|runs-search)|project\/(format-task|held-first|live|notices|task-node|verdict-tag))/.test(
    file,
  );
}

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react()],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // What every page needs is one file: a dozen small ones cost more in round trips than they save in bytes.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'common', test: isCommon }] } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4310', '/predict': 'http://127.0.0.1:4310' } },
});
