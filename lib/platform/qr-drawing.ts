/** QR codes (ISO/IEC 18004) as SVG paths. */
import { encodeQR } from 'qr';
import type { QrDrawing } from '../transfer/api.ts';

/** One rectangle for each run of dark squares in a row. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x++;
    path += `M${start} ${y}h${x + 1 - start}v1h-${x + 1 - start}z`;
  }
  return path;
}

/**
 * The smallest code for the text, with the least correction: on a screen nothing is torn or dirty, and larger squares help
 * a camera more. @param text capitals, digits and `$%*+-./: ` alone keep it small
 */
export function drawQr(text: string): QrDrawing {
  const bordered = encodeQR(text, 'raw', { ecc: 'low', border: 1 });
  const rows = bordered.slice(1, -1).map((row) => row.slice(1, -1));
  return { size: rows.length, path: rows.map(rowPath).join('') };
}
