namespace ControlPlane.GitHub;

public sealed class NodeIdTests
{
    [Theory]
    [InlineData("R", new[] { 906237549L }, "R_kgDONgQWbQ")]
    [InlineData("U", new[] { 583231L }, "U_kgDOAAjmPw")]
    [InlineData("I", new[] { 906237549L, 1L }, "I_kwDONgQWbc4AAAAB")]
    [InlineData("LA", new[] { 906237549L, 4294967296L }, "LA_kwDONgQWbc8AAAABAAAAAA")]
    public void An_id_is_msgpack_behind_a_prefix(string prefix, long[] ids, string expected) => Assert.Equal(expected, NodeIds.Of(prefix, ids));
}
