// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IAssets} from "../src/IAssets.sol";
import {IFraction} from "../src/IFraction.sol";
import {IFractions} from "../src/IFractions.sol";
import {IConsent} from "../src/IConsent.sol";
import {IERC5192} from "../src/IERC5192.sol";
import {IIdentity} from "../src/IIdentity.sol";
import {ISettlement} from "../src/ISettlement.sol";
import {IStaking} from "../src/IStaking.sol";

// All faces of a contract, as a test calls it: its code is not compiled into the tests.

interface IDomain is IERC5267 {
    function domainSeparator() external view returns (bytes32);
}

interface Identity is IIdentity, IERC721Metadata, IERC5192, IDomain {
    function MIN_DELAY() external view returns (uint256);
    function MAX_DELAY() external view returns (uint256);
    function MAX_GUARDIANS() external view returns (uint256);
}

interface Consent is IConsent, IDomain {}

interface Assets is IAssets, IERC721Metadata, IERC2981, IDomain {}

interface Settlement is ISettlement, IDomain {
    function MIN_WINDOW() external view returns (uint256);
    function MAX_WINDOW() external view returns (uint256);
}

interface Staking is IStaking, IDomain {
    function MIN_UNBONDING() external view returns (uint256);
    function MAX_UNBONDING() external view returns (uint256);
    function MIN_STREAM() external view returns (uint256);
    function MAX_STREAM() external view returns (uint256);
    function MAX_PLEDGE() external view returns (uint256);
}
interface Fraction is IFraction {
    function WINDOW() external view returns (uint256);
    function LAST_CALL() external view returns (uint256);
    function DELAY() external view returns (uint256);
    function LOCK() external view returns (uint256);
}

interface Fractions is IFractions {}
