// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The way of a splitter that pushes: the split is kept as a hash, and a distribution sends each its part at once.
/// One that refuses stops all.
contract PushSplit {
    event Distributed(address indexed distributor, uint256 amount);

    bytes32 private immutable SPLIT;

    constructor(address[] memory payees, uint256[] memory bps) {
        SPLIT = keccak256(abi.encode(payees, bps));
    }

    receive() external payable {}

    function distribute(address[] calldata payees, uint256[] calldata bps) external {
        require(keccak256(abi.encode(payees, bps)) == SPLIT, "split");
        uint256 amount = address(this).balance;
        for (uint256 i = 0; i < payees.length; ++i) {
            (bool ok,) = payees[i].call{value: amount * bps[i] / 10_000}("");
            require(ok, "refused");
        }
        emit Distributed(msg.sender, amount);
    }
}
