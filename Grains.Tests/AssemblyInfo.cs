// One cluster at a time: each is a machine full of timers.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
