/** The letter of a chosen option, by the prediction that a record keeps of it; null for what is no index of an option. */
export function nameOption(prediction: string): string | null {
  if (!/^\d{1,3}$/.test(prediction)) return null;
  const index = Number(prediction);
  return index < 26 ? String.fromCharCode(65 + index) : 'a later option';
}
