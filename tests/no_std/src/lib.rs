//! A program without std that uses the library: purity as a property of the build.
//!
//! It defines the panic handler that std also defines. If anything in the graph linked std, the build would fail with
//! a duplicate lang item, on every target, also on one that has std.

#![no_std]
#![no_main]

extern crate alloc;

use core::alloc::{GlobalAlloc, Layout};
use core::panic::PanicInfo;

/// An allocator that has nothing to give.
struct Nothing;

// SAFETY: a null pointer is how an allocator says that it has no memory.
unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NOTHING: Nothing = Nothing;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Whether so much downtime meets 99.9 %, through the library.
#[unsafe(no_mangle)]
pub extern "C" fn meets_three_nines(up_s: u64, total_s: u64) -> bool {
    let measured = sla::number::Ratio::new(up_s.into(), total_s.into());
    let target = "99.9 %".parse::<sla::number::Target>().ok();
    target.zip(measured).is_some_and(|(target, measured)| target.is_met_by(&measured))
}
