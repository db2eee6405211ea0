/** Whether the tests take the time that they need, instead of some ten seconds: `X_LONG_TESTS=1`. */
export const longForm = process.env['X_LONG_TESTS'] === '1';
