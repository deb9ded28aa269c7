/** How bright the screens are: as the system is, or as the owner chose. It stands outside the vault, since a locked wallet shows it too. */
export type Theme = 'system' | 'light' | 'dark';

export interface ThemePort {
  chosen(): Theme;
  /** All our windows change at once. */
  choose(theme: Theme): void;
}
