// One driver owns the clock: what runs on the thread pool belongs to the one test that runs.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
