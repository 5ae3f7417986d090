// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @notice Shares as OpenZeppelin makes them, for the gas of it: no register, no signatures, no dividends.
contract PlainShares is ERC20Votes {
    constructor() ERC20("peer", "P") EIP712("peer", "1") {}

    function mint(address to, uint256 shares) external {
        _mint(to, shares);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }
}
