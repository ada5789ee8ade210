namespace ControlPlane.Journals;

/// <summary>What to answer, and what must be durable before it is answered; no change for a refusal or where nothing is new.</summary>
internal readonly record struct Decision<TChange, TAnswer>(TAnswer Answer, TChange? Change = null)
    where TChange : class;
