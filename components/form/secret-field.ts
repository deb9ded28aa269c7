/** An input element that holds a secret, as a view uses it. */
export interface SecretField {
  /** Gives what was typed and clears the element, so that the secret stands nowhere on the screen any more. */
  take(): string;
  focus(): void;
}

/** A secret that may stand in its element for another try, where a field beside it was wrong. */
export interface TypedField extends SecretField {
  /** What is typed, left where it is. */
  peek(): string;
}
