// The behaviour of GOV.UK Frontend for the components that our pages have, and no other.
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink, createAll,
} from "govuk-frontend";

const parts = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink];

export function initAll({ scope } = {}) {
  parts.forEach((part) => createAll(part, undefined, scope));
}
