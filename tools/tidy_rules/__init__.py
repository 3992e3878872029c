# SPDX-License-Identifier: Apache-2.0
"""What tools/tidy checks: one rule a file, each a function check(tree) that yields problems."""
