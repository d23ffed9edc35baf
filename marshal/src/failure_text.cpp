// SPDX-License-Identifier: MIT
#include "failure_text.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/hresult.hpp>
#include <insula/marshal/interface_info.hpp>

namespace insula {

std::string text_here() {
  const object_exporter* const here = current_exporter();
  return here != nullptr ? here->description() : "a thread that is in no apartment";
}

std::string text_object_lacks(REFIID iid) {
  return "the object does not have " + interface_name(iid);
}

std::string text_no_marshaler(REFIID iid) {
  return "no proxy and stub are known for " + interface_name(iid) +
         ", neither among the factories given to register_ps_factory nor among the interfaces "
         "described with INSULA_INTERFACE; describe it, or register a factory";
}

std::string text_no_stub(REFIID iid, HRESULT code) {
  return "the factory of " + interface_name(iid) + " made no stub (" + hresult_name(code) + ")";
}

std::string text_no_proxy(REFIID iid, HRESULT code) {
  return "the factory of " + interface_name(iid) + " made no proxy (" + hresult_name(code) + ")";
}

std::string text_object_gone(REFIID iid, const object_exporter& home) {
  return interface_name(iid) + " of an object in " + home.description() +
         " cannot be reached from " + text_here() +
         ": the object was disconnected or released, or its apartment has closed; get a new "
         "pointer";
}

std::string text_wrong_apartment(std::string_view attempt, REFIID iid,
                                 const object_exporter& owner) {
  return std::string(attempt) + " for " + interface_name(iid) + ": this proxy belongs to " +
         owner.description() + " and was used in " + text_here() +
         "; marshal the pointer to where it is used, or carry it in an agile_ref";
}

std::string text_importer_closed(std::string_view attempt, REFIID iid,
                                 const object_exporter& owner) {
  return std::string(attempt) + " for " + interface_name(iid) + ": this proxy belongs to " +
         owner.description() + ", which has closed; only releasing it is left";
}

std::string text_failed(std::string_view attempt, REFIID iid, const object_exporter* into,
                        std::string_view reason) {
  std::string text(attempt);
  text += " of " + interface_name(iid) + " from " + text_here();
  if (into != nullptr) text += ", object in " + into->description() + ",";
  text += " failed: ";
  return text.append(reason);
}

HRESULT fail_without_apartment(std::string_view attempt, REFIID iid) {
  return set_error(
      CO_E_NOTINITIALIZED,
      text_failed(attempt, iid, nullptr, "enter an apartment first (CoInitializeEx, or a lease)"),
      iid);
}

std::string text_held_interface(REFIID iid, ULONG references, ULONG packets,
                                const object_exporter* taker) {
  std::string text = interface_name(iid) + " (" + std::to_string(references) + " references";
  if (packets != 0) text += ", " + std::to_string(packets) + " packets nobody has unmarshaled";
  if (taker != nullptr) text += ", last unmarshaled in " + taker->description();
  return text + ")";
}

}  // namespace insula
