import { type Entry, siblingEntry } from '../kernel/entry.ts';

/** The program that executes one task of a pipeline. */
export const taskEntry: Entry = siblingEntry(import.meta.url, './task-process');
