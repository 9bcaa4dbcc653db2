/**
 * Preloaded (`node --import`) to make a runtime like one without WebAssembly SIMD: the probe fails,
 * and a module that is compiled although it failed throws. Node's own modules and those of other
 * formats' codecs compile asynchronously and go on working.
 * @module
 */

const { Module } = WebAssembly;

WebAssembly.validate = () => false;
WebAssembly.Module = class extends Module {
  constructor(bytes) {
    super(bytes);
    throw new WebAssembly.CompileError('SIMD is switched off: no module may be compiled here');
  }
};
