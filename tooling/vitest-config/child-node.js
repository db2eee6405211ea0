import { sourceCondition, testsSource } from './target.js';

/** Arguments for a child Node.js that must see the same `@x/*` code as the test that starts it. */
export const childNodeArgs = testsSource ? [`--conditions=${sourceCondition}`] : [];
