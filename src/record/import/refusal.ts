/** Why one file, or one task of it, cannot be taken. The rest may still be. */
export class Refusal extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Refusal';
  }
}
