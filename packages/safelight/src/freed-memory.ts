/**
 * What becomes of memory that Node frees. Results and inflated rows are megabytes that the C library takes
 * fresh from the system and gives back when they are collected, unless it has been taught otherwise.
 * @module
 *
 * glibc maps each block above a threshold for itself and unmaps it when it is freed; the next one costs a
 * page fault for every 4 KiB again (2048 x 1536 RGBA from PNG to PNG: 3,900 of them, more than half of the
 * job's time on a virtual machine where one takes 15 us). It raises the threshold to the size of what has
 * been freed, up to 32 MiB, and keeps twice that much (mallopt(3), M_MMAP_THRESHOLD).
 */

/** The most that glibc learns from (DEFAULT_MMAP_THRESHOLD_MAX), less its own page. */
const LESSON_BYTES: number = 32 * 1024 * 1024 - 65_536;

/**
 * Allocates a block that is never touched, so that it takes address space and no memory, and lets go of
 * it: the first collection that frees it is the lesson. Other C libraries learn nothing, and lose nothing.
 */
export function keepFreedMemory(): void {
  if (process.platform === 'linux') Buffer.allocUnsafeSlow(LESSON_BYTES);
}
