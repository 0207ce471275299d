// The limits that both ends of the wire must agree on, each with its unit and its reason.
// A limit that only one module knows stands in that module.

export const PROTOCOL_VERSION = 1;

/** A message from a viewer: nothing a person does is larger; a long paste travels as several. */
export const VIEWER_MESSAGE_BYTES_MAX = 64 * 1024;
/** A message from the sharer: a frame or a part of a deflated screen with its envelope. */
export const SHARER_MESSAGE_BYTES_MAX = 96 * 1024;
/** A frame's body, before and after inflating. */
export const FRAME_BYTES_MAX = 64 * 1024;
/** Frames in one message: as many documents as conversations may write at one moment. */
export const MESSAGE_FRAMES_MAX = 64;
/** A whole snapshot; it travels in frames of SNAPSHOT_PART_BYTES. */
export const SNAPSHOT_BYTES_MAX = 8 * 1024 * 1024;
export const SNAPSHOT_PART_BYTES = 48 * 1024;
/** A handshake or signaling payload: an SDP with its candidates is about 3 KiB. */
export const SIGNAL_BYTES_MAX = 32 * 1024;
/** A piece of the whole of something cut, in UTF-16 units: up to 48 KiB of UTF-8, well within a message. */
export const WHOLE_PIECE_CHARS_MAX = 16 * 1024;
/** One piece on a data channel: safe in every browser, and small enough to overtake. */
export const PIECE_BYTES_MAX = 16 * 1024;
/** A piece of a bulk lane: half of that, so that a key waits for less. */
export const BULK_PIECE_BYTES = 8 * 1024;
/** A name: longer ones break layouts, and nobody's is. In characters. */
export const NAME_CHARS_MAX = 40;
/** A command line. In bytes of UTF-8; the kernel's own line limit is 4 KiB, but pastes are longer. */
export const COMMAND_BYTES_MAX = 32 * 1024;
/** Keys in one action. A held key is one byte; a paste of more travels as several. */
export const KEYS_BYTES_MAX = 16 * 1024;
/** Terminal size, in cells. Past this an emulator's memory is the attack. */
export const COLS_MAX = 500;
export const ROWS_MAX = 200;
/**
 * A screen's terminal bytes after inflating: both buffers of 200 rows of 500 cells, each with its
 * own style and all the accents it may have, are 26 MB.
 */
export const SCREEN_BYTES_MAX = 32 * 1024 * 1024;
/** The same as it travels: those are 4 MB. */
export const SCREEN_DEFLATED_BYTES_MAX = 8 * 1024 * 1024;
/** A part of a deflated screen: nearly every screen is one. Well within a message. */
export const SCREEN_PART_BYTES = 64 * 1024;
