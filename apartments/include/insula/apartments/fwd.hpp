// SPDX-License-Identifier: MIT
#pragma once

namespace insula {

class apartment;
class apartment_core;
class mta_lease;
class pump;
class sta;
class sta_lease;
class sta_thread;

template <class I>
class agile_ref;
template <class R>
class future;
template <class T>
class task;

}  // namespace insula
