//! An allocator that counts what is in use, so that a bench can state what a value keeps.
//!
//! Owns the two numbers; what is allocated where is left to the system's allocator. For one thread: the numbers are
//! read and written apart, which costs nothing beside an allocation.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ops::Sub;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

static BYTES: AtomicI64 = AtomicI64::new(0);
static ALLOCATIONS: AtomicI64 = AtomicI64::new(0);

struct Counting;

fn add(counter: &AtomicI64, more: i64) {
    counter.store(counter.load(Relaxed) + more, Relaxed);
}

// SAFETY: every call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(&BYTES, layout.size() as i64);
        add(&ALLOCATIONS, 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        add(&BYTES, -(layout.size() as i64));
        add(&ALLOCATIONS, -1);
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(&BYTES, size as i64 - layout.size() as i64);
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What is in use.
#[derive(Clone, Copy)]
pub(crate) struct InUse {
    pub(crate) bytes: i64,
    pub(crate) allocations: i64,
}

impl InUse {
    pub(crate) fn now() -> Self {
        Self {
            bytes: BYTES.load(Relaxed),
            allocations: ALLOCATIONS.load(Relaxed),
        }
    }
}

impl Sub for InUse {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            bytes: self.bytes - before.bytes,
            allocations: self.allocations - before.allocations,
        }
    }
}
