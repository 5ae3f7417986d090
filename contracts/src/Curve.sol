// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Curve
/// @notice bn254 G1 by the precompiles of EIP-196: which bytes are a point, and multiplication.
/// @dev G1 has prime order, so any point but infinity generates all of it: there is no small subgroup to hide in.
library Curve {
    /// @dev The group order r of bn254 (EIP-197).
    uint256 internal constant ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev The generator G of EIP-197 is (1, 2).
    uint256 internal constant GENERATOR_X = 1;
    uint256 internal constant GENERATOR_Y = 2;

    address private constant EC_ADD = address(6); // EIP-196
    /// @dev An addition costs 150 gas (EIP-1108). One that fails takes all it was given, so it is given little.
    uint256 private constant EC_ADD_GAS = 10_000;
    address private constant EC_MUL = address(7); // EIP-196

    /// @notice Whether (x, y) is a point of the curve with canonical coordinates, and not infinity.
    function isPoint(uint256 x, uint256 y) internal view returns (bool) {
        if (x == 0 && y == 0) return false; // infinity
        // Adding infinity fails for coordinates that are too large or off the curve; cheaper than multiplying.
        (bool ok,) = EC_ADD.staticcall{gas: EC_ADD_GAS}(abi.encode(x, y, uint256(0), uint256(0)));
        return ok;
    }

    /// @notice scalar·(x, y). Both are checked by the caller: a point, and 0 < scalar < ORDER.
    function mul(uint256 x, uint256 y, uint256 scalar) internal view returns (uint256, uint256) {
        (bool ok, bytes memory product) = EC_MUL.staticcall(abi.encode(x, y, scalar));
        // Fails only where the chain lacks the precompile: the caller has seen the point pass.
        assert(ok && product.length == 64);
        return abi.decode(product, (uint256, uint256));
    }
}
