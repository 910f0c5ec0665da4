//! The allocator of the program, so that what is measured in its place takes what it takes.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
