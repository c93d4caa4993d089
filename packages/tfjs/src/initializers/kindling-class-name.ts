/** The name under which TensorFlow.js stores Kindling's initializers. Models that were saved hold it: it stays. */
export const kindlingClassName = 'KindlingInitializer';
