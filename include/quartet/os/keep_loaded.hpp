// SPDX-License-Identifier: Apache-2.0
// For threads that never end.
#pragma once

namespace quartet::os {

/// Keeps the library that this code is linked into from being unloaded: a thread that runs in it
/// would go on where nothing is. Does nothing in a program itself. Blocks: for whoever loads or
/// unloads a library now, and its initialisers. Errors: none; without memory it may be unloaded.
void keep_loaded() noexcept;

}  // namespace quartet::os
