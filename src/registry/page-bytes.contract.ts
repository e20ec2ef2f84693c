import { expect, test } from 'vitest';
import { pageBytes } from '../tracking/run-limits.ts';
import { newModel, newVersion, type OpenRegistry } from './store.fixture.ts';

/** Every fourth of these texts begins another page. */
const quarterPage = 'é'.repeat(pageBytes / 8 + 1);

/** The items of each page of a search, as `read` gives them from an offset. */
async function pagesOf<Item>(
  read: (offset: number) => Promise<{ readonly items: readonly Item[]; readonly more: boolean }>,
): Promise<readonly (readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  for (let offset = 0, more = true; more; offset += pages.at(-1)?.length ?? 0) {
    const page = await read(offset);
    pages.push(page.items);
    more = page.more;
  }
  return pages;
}

/** What every registry must do with pages that would be too large. */
export function pageBytesContract(label: string, open: () => Promise<OpenRegistry>): void {
  test(`${label}: a page of models ends at its bytes, with their tags and latest versions`, async () => {
    await using opened = await open();
    const { store } = opened;
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const [index, name] of names.entries()) {
      await store.createModel(
        newModel({
          name,
          ...(index % 3 === 0 && { description: quarterPage }),
          ...(index % 3 === 1 && { tags: { long: quarterPage } }),
        }),
      );
      if (index % 3 === 2) {
        await store.createVersion(newVersion({ model: name }));
        await store.createVersion(newVersion({ model: name, description: quarterPage }));
      }
    }
    const found = await pagesOf((offset) => store.searchModels({ limit: 100, offset }));
    expect(found.map((items) => items.map(({ name }) => name).join(''))).toEqual(['abc', 'def', 'g']);
  });

  test(`${label}: a page of versions ends at its bytes`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.createModel(newModel());
    for (let index = 0; index < 5; index++)
      await store.createVersion(
        newVersion(index % 2 ? { description: quarterPage } : { tags: { long: quarterPage } }),
      );
    const found = await pagesOf((offset) => store.searchVersions({ limit: 100, offset }));
    expect(found.map(({ length }) => length)).toEqual([3, 2]);
    expect((await store.searchVersions({ limit: 2, offset: 0 })).items).toHaveLength(2);
  });
}
