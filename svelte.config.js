/** For the checkers: Svelte 5 reads typed scripts by itself, so nothing is preprocessed. */
export default {};
