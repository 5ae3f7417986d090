// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Curve
/// @notice bn254 G1 (EIP-196): which bytes are a point, and multiplication by the precompile.
/// @dev G1 has prime order, so any point but infinity generates all of it: there is no small subgroup to hide in.
library Curve {
    /// @dev The group order r of bn254 (EIP-197).
    uint256 internal constant ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev The generator G of EIP-197 is (1, 2).
    uint256 internal constant GENERATOR_X = 1;
    uint256 internal constant GENERATOR_Y = 2;

    /// @dev The prime p of bn254 (EIP-196): a coordinate is canonical below it.
    uint256 private constant PRIME = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    address private constant EC_MUL = address(7); // EIP-196

    /// @notice scalar·(x, y). Both are checked by the caller: a point, and 0 < scalar < ORDER.
    function mul(uint256 x, uint256 y, uint256 scalar) internal view returns (uint256, uint256) {
        (bool ok, bytes memory product) = EC_MUL.staticcall(abi.encode(x, y, scalar));
        // Fails only where the chain lacks the precompile: the caller has seen the point pass.
        assert(ok && product.length == 64);
        return abi.decode(product, (uint256, uint256));
    }

    /// @notice Whether (x, y) is a point of the curve y² = x³ + 3 with canonical coordinates. Infinity, (0, 0), is not on it.
    function isPoint(uint256 x, uint256 y) internal pure returns (bool) {
        uint256 cube = mulmod(mulmod(x, x, PRIME), x, PRIME);
        return x < PRIME && y < PRIME && mulmod(y, y, PRIME) == addmod(cube, 3, PRIME);
    }
}
