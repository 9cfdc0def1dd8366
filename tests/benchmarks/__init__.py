"""What a message costs: each figure beside another one taken in the same minute, since machines differ and change.

``python -m tests.benchmarks`` prints one table. The program measured runs by itself on one core; load, credex-core and
Graph API come from this process on another (``outside``), written to cost little. What is compared is measured in
turns, in several short rounds, and the medians are printed. A figure here never fails a test.
"""
