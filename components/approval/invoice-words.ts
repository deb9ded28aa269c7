/** Numbers of tax invoices as people write them. */

/** Won with a comma at every third digit. */
export function formatAmount(amount: number | bigint): string {
  return new Intl.NumberFormat('ko-KR').format(amount);
}

/** Sums of many large amounts pass what a number holds exactly. */
export function sumOf(amounts: readonly number[]): bigint {
  return amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
}

/** 123-45-67890 of a business, 123456-1234567 of a person. */
export function formatNumber(id: string): string {
  return id.length === 10 ? `${id.slice(0, 3)}-${id.slice(3, 5)}-${id.slice(5)}` : `${id.slice(0, 6)}-${id.slice(6)}`;
}
