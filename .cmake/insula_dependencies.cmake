# SPDX-License-Identifier: MIT
# What the floors stand on. insulaConfig.cmake.in names the same packages for consumers.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS context)
find_package(TBB REQUIRED)
