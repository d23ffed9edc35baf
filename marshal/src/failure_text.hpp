// SPDX-License-Identifier: MIT
//
// The sentences that marshal's failures carry, in one place, so that they read alike: what was
// attempted, on which interface, from where, into where, why not, and the cure.
#pragma once

#include <insula/marshal/object_exporter.hpp>

#include <string>
#include <string_view>

namespace insula {

/// The calling thread's apartment, or that it has none.
std::string text_here();

/// Why an interface cannot be had; ends of sentences.
std::string text_object_lacks(REFIID iid);
std::string text_no_marshaler(REFIID iid);
std::string text_no_stub(REFIID iid, HRESULT code);
std::string text_no_proxy(REFIID iid, HRESULT code);

/// A call or question that came too late.
std::string text_object_gone(REFIID iid, const object_exporter& home);
/// A proxy used outside `owner`, the apartment that imported it.
std::string text_wrong_apartment(std::string_view attempt, REFIID iid,
                                 const object_exporter& owner);
/// A proxy whose importing apartment has closed.
std::string text_importer_closed(std::string_view attempt, REFIID iid,
                                 const object_exporter& owner);

/// "<attempt> of IFoo from <here> failed: <reason>"; `into` may be null.
std::string text_failed(std::string_view attempt, REFIID iid, const object_exporter* into,
                        std::string_view reason);

/// Sets the error of a thread that must enter an apartment first; CO_E_NOTINITIALIZED.
HRESULT fail_without_apartment(std::string_view attempt, REFIID iid);

/// One line's worth of a leak report. `taker` may be null.
std::string text_held_interface(REFIID iid, ULONG references, ULONG packets,
                                const object_exporter* taker);

}  // namespace insula
