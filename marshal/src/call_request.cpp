// SPDX-License-Identifier: MIT
#include <insula/marshal/call_request.hpp>

#include <insula/core/error_info.hpp>

namespace insula {

pending_request::~pending_request() {
  if (state_ == state::written || state_ == state::replied)
    detail::drop_message(channel_.get(), &message_);
}

HRESULT pending_request::begin(interface_proxy_base& proxy, const detail::client_method& method,
                               void* const* arguments) noexcept {
  if (state_ != state::empty)
    return set_error(E_UNEXPECTED, "begin_call on a call_request that is in use");
  method_ = &method;
  const HRESULT code =
      detail::write_client_request(proxy, method, arguments, &message_, &channel_);
  if (SUCCEEDED(code)) state_ = state::written;
  else channel_.reset();
  return code;
}

HRESULT pending_request::finish(HRESULT sent, void* const* arguments, void* result) noexcept {
  const state before = std::exchange(state_, state::empty);
  const com_ptr<IRpcChannelBuffer> channel = std::move(channel_);
  // Not begun because begin_call failed: that is the outcome, and the results are clear already.
  if (before == state::empty && FAILED(sent)) return sent;
  if (before == state::empty)
    return set_error(E_UNEXPECTED, "finish_call on a call_request that was not begun");
  if (FAILED(sent)) {
    if (before == state::written) detail::drop_message(channel.get(), &message_);
    method_->clear(arguments);
    return sent;
  }
  if (before == state::written) {
    detail::drop_message(channel.get(), &message_);
    method_->clear(arguments);
    return set_error(E_UNEXPECTED, "finish_call on a request that was never handed over");
  }
  return detail::read_client_reply(channel.get(), *method_, arguments, &message_, result);
}

}  // namespace insula
