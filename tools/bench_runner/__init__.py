# SPDX-License-Identifier: Apache-2.0
"""The benchmark runner: catalog (what there is), build, execute, rows, report."""
