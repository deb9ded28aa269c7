/** Line drawings on a grid of 24, one path each. */
export const ICON_PATHS = {
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  unlock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.6-1.6',
  help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 17h.01',
  import: 'M12 4v10M8 10l4 4 4-4M4 16v4h16v-4',
  window: 'M4 5h16v14H4zM4 9h16',
  list: 'M4 6h16M4 12h16M4 18h16',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12',
  cross: 'M6 6l12 12M18 6L6 18',
  folder: 'M3 6h6l2 2h10v11H3z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  up: 'M6 14l6-6 6 6',
  down: 'M6 10l6 6 6-6',
  sort: 'M8 10l4-4 4 4M8 14l4 4 4-4',
  bank: 'M3 10l9-6 9 6zM6 10v8M12 10v8M18 10v8M3 20h18',
  star: 'M12 4v16M4 12h16M6.5 6.5l11 11M17.5 6.5l-11 11',
  computer: 'M4 5h16v11H4zM9 20h6M12 16v4',
  key: 'M8 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 13h9v3M17 13v3',
  wait: 'M12 3a9 9 0 1 0 9 9',
} as const;

export type IconName = keyof typeof ICON_PATHS;
