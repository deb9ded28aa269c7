/** Where other programs keep certificates (KCAC.TS.UI). */
export const PLACES = [
  { system: 'windows', path: String.raw`%USERPROFILE%\AppData\LocalLow\NPKI` },
  { system: 'macos', path: '~/Library/Preferences/NPKI' },
  { system: 'linux', path: '~/NPKI' },
  { system: 'usb', path: String.raw`X:\NPKI` },
] as const;
