import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './queries.ts';
import { router } from './router.tsx';
import { pathOfMlflowLink } from './tracking/mlflow-links.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';

const linked = pathOfMlflowLink(location.hash);
if (linked !== undefined) history.replaceState(null, '', linked);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
