#pragma once

#include <stop_token>

namespace aegis {

/// Takes over Ctrl-C and SIGTERM: they end the process at once with 130, until
/// `finish_on_interrupt`. Call it before any thread is started.
void watch_for_interrupts();

/// From now on the first signal asks to stop: what runs is finished, nothing new is begun, locks
/// are given back; a second one leaves at once, and the journal tells the rest.
void finish_on_interrupt();

/// Stop is requested by the first signal after finish_on_interrupt.
std::stop_token interrupt_token();

/// Returns when that is requested.
void wait_for_interrupt();

}  // namespace aegis
