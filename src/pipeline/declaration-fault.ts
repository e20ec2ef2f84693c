/** What is wrong with a declaration that only its plan shows. `planTasks` names the file and line. */
export class DeclarationFault extends Error {
  override readonly name = 'DeclarationFault';
  /** A sentence each. */
  readonly texts: readonly [string, ...string[]];

  constructor(texts: readonly [string, ...string[]], options?: ErrorOptions) {
    super(texts.join('\n'), options);
    this.texts = texts;
  }
}
