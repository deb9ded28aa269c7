import type { TextKey, TextParams } from '../../../lib/i18n/texts.ts';

const KEYS: Readonly<Record<string, TextKey>> = {
  'text/plain': 'sign_type_text',
  'application/json': 'sign_type_json',
  'text/x-fields': 'sign_type_fields',
  'application/xml': 'sign_type_xml',
  'application/pdf': 'sign_type_pdf',
};

/** What kind of document it is, in a word. */
export function typeWord(t: (key: TextKey, params?: TextParams) => string, mediaType: string): string {
  return t(KEYS[mediaType] ?? 'sign_type_file');
}
