// What JSX becomes in the bundle: shorter calls than those of the automatic runtime.
export { Fragment as $fragment, h as $node } from "preact";
