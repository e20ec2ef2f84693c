import type { Api } from './api.ts';

export interface Search {
  readonly experiment_ids: readonly string[];
  readonly filter?: string;
  readonly order_by?: readonly string[];
  readonly max_results: number;
}

export interface FoundRun {
  readonly run_id: string;
  readonly run_name: string;
}

interface Page {
  readonly runs?: readonly { readonly info: FoundRun }[];
  readonly next_page_token?: string;
}

/** Reads the first page of a search. */
export async function search({ post }: Api, asked: Search): Promise<readonly FoundRun[]> {
  const { runs = [] } = await post<Page>('/runs/search', asked);
  return runs.map(({ info }) => info);
}

/** Reads every page of a search. */
export async function searchAll({ post }: Api, asked: Search): Promise<readonly FoundRun[]> {
  const found: FoundRun[] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const page: Page = await post('/runs/search', token === '' ? asked : { ...asked, page_token: token });
    found.push(...(page.runs ?? []).map(({ info }) => info));
    token = page.next_page_token || undefined;
  }
  return found;
}
